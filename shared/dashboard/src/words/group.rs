//! Declaration of a group of sentences.

/// Declares a group: a type with a method for each sentence, `ENGLISH` and `ALL`. That a sentence has
/// the placeholders of its arguments is checked by the compiler, by formatting it.
macro_rules! group {
    ($(#[$about:meta])* $group:ident { $($name:ident $args:tt = $text:literal;)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone)]
        pub(crate) struct $group {
            $($name: std::borrow::Cow<'static, str>,)+
        }

        impl $group {
            /// The English sentences.
            pub(crate) const ENGLISH: Self =
                Self { $($name: std::borrow::Cow::Borrowed($text),)+ };
            /// The English sentences, by their names.
            pub(super) const ALL: &'static [(&'static str, &'static str)] =
                &[$((stringify!($name), $text),)+];

            $(group!(@method $name $args $text);)+

            /// Replaces the sentence called `name`.
            pub(super) fn put(&mut self, name: &str, text: &str) -> Result<(), String> {
                let (sentence, places): (_, &[&str]) = match name {
                    $(stringify!($name) => (&mut self.$name, group!(@places $args)),)+
                    _ => return Err(crate::words::sentence::UNKNOWN.to_owned()),
                };
                crate::words::sentence::check(text, places)?;
                *sentence = std::borrow::Cow::Owned(text.to_owned());
                Ok(())
            }
        }
    };
    (@places ($($arg:ident),*)) => { &[$(stringify!($arg)),*] };
    (@places [$($arg:ident),+]) => { &[$(stringify!($arg)),+] };
    (@method $name:ident () $text:literal) => {
        pub(crate) fn $name(&self) -> std::borrow::Cow<'_, str> {
            const _: () = { let _ = || format!($text); };
            crate::words::sentence::filled(&self.$name, &[])
        }
    };
    (@method $name:ident ($($arg:ident),+) $text:literal) => {
        pub(crate) fn $name(&self, $($arg: impl std::fmt::Display),+) -> std::borrow::Cow<'_, str> {
            const _: () = { let _ = |$($arg: &str),+| format!($text, $($arg = $arg),+); };
            crate::words::sentence::filled(&self.$name, &[$((stringify!($arg), &$arg)),+])
        }
    };
    (@method $name:ident [$($arg:ident),+] $text:literal) => {
        pub(crate) fn $name(
            &self,
            $($arg: askama::filters::Safe<String>),+
        ) -> askama::filters::Safe<String> {
            const _: () = { let _ = |$($arg: &str),+| format!($text, $($arg = $arg),+); };
            crate::words::sentence::around(&self.$name, &[$((stringify!($arg), &$arg)),+])
        }
    };
}
