//! Sentences of pages that have nothing but a message, and of those that sign in.

group! {
    /// Sentences of pages that have nothing but a message, and of those that sign in.
    MessageWords {
        sign_in_to(account) = "Sign in to {account}?";
        sign_in_what(account) = "This link opens the developer settings of {account} in this browser. It works once.";
        signed_out() = "You are signed out";
        signed_out_what() = "To come back, open Developer settings from the product that you use.";
        session_ended() = "Your session has ended";
        session_ended_what() = "Open Developer settings again from the product that brought you here: it makes a new session for you. Nothing that you saved is lost.";
        code_used() = "This sign-in link is used up";
        code_used_what() = "A link signs in once, within ten minutes. Open Developer settings again from the product that brought you here to get a new one.";
        code_used_next() = "I am signed in already";
        nothing_to_see() = "There is nothing here for you to see";
        nothing_to_see_what() = "Your session has none of the permissions that these pages need. Ask whoever manages your account.";
        operator_signed_out() = "You are not signed in";
        operator_signed_out_what() = "An operator’s session lasts an hour.";
        foreign() = "This form was not sent";
        foreign_what() = "It was sent from another site, or its page belongs to another session. Go back, reload the page, and send it again.";
        encoded() = "This form was not read";
        encoded_what() = "It was sent compressed. Send it uncompressed.";
        too_large() = "This form is too large";
        too_large_what() = "Go back and shorten it.";
        incomplete() = "This form did not arrive";
        incomplete_what() = "It broke off or took too long. Go back and send it again.";
        not_permitted() = "You may not do this";
        not_permitted_what() = "Your session lacks the permission for it. Ask whoever manages your account.";
        not_found() = "There is nothing here";
        not_found_what() = "It was deleted, it has expired, or the address is mistyped.";
        unavailable() = "This can’t be shown right now";
        unavailable_what() = "Something that it needs does not answer. Nothing is lost; try again in a moment.";
        not_done() = "This can’t be done right now";
        not_done_what() = "Something that it needs does not answer. Go back, look whether it was done, and send it again if not.";
        broken() = "This can’t be shown";
        broken_what() = "Something that is stored for it can’t be read, and trying again does not help. Tell whoever runs these pages.";
        try_again() = "Try again";
        back_operator() = "Back to the operator’s pages";
        operator_not_permitted_what() = "Your token lacks the scope for it, or your sign-in does.";
        too_many() = "Too many requests";
        refused() = "That did not work";
        back_home() = "Back to Developer settings";
    }
}
