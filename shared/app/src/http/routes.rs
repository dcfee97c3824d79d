//! Routes, and what the document says of them.
//!
//! A handler's path and methods are written once, in its `utoipa::path`. The document is made only
//! where it is asked for: describing every field takes longer than all the rest of a function's
//! start, and one that never shows the document has none of it in its binary.

use axum::{Router, routing::MethodRouter};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::App;

/// The handlers of one path.
pub(crate) struct Route {
    pub(crate) path: String,
    pub(crate) handlers: MethodRouter<App>,
    /// Makes what the document says of them.
    pub(crate) describe: fn() -> UtoipaMethodRouter<App>,
}

/// The [`Route`] of handlers that have one path: `routes!(list, create)`. A handler of another
/// module is named as `module::handler`.
macro_rules! routes {
    ($($name:ident $(:: $inner:ident)?),+ $(,)?) => {{
        use utoipa::Path as _;
        use utoipa_axum::PathItemExt as _;
        let [path, ..] = [$(<$crate::http::routes::described!($name $(:: $inner)?)>::path()),+];
        let mut handlers = axum::routing::MethodRouter::new();
        $(for method in <$crate::http::routes::described!($name $(:: $inner)?)>::methods() {
            handlers = handlers.on(method.to_method_filter(), $name $(:: $inner)?);
        })+
        let describe = || utoipa_axum::routes!($($name $(:: $inner)?),+);
        $crate::http::routes::Route { path, handlers, describe }
    }};
}

/// The type that `utoipa::path` made of a handler.
macro_rules! described {
    ($handler:ident) => {
        utoipa_axum::paste! { [<__path_ $handler>] }
    };
    ($module:ident :: $handler:ident) => {
        utoipa_axum::paste! { $module::[<__path_ $handler>] }
    };
}

pub(crate) use {described, routes};

/// Routes that belong together.
#[derive(Default)]
pub(crate) struct Routes(Vec<Route>);

impl Routes {
    /// No routes.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// These and another one.
    pub(crate) fn routes(mut self, route: Route) -> Self {
        self.0.push(route);
        self
    }

    /// These and those.
    pub(crate) fn merge(mut self, mut others: Self) -> Self {
        self.0.append(&mut others.0);
        self
    }

    /// What answers.
    pub(crate) fn router(self) -> Router<App> {
        self.0.into_iter().fold(Router::new(), |all, route| all.route(&route.path, route.handlers))
    }

    /// `handlers` at every path of them.
    pub(crate) fn at_each(&self, handlers: &MethodRouter<App>) -> Router<App> {
        self.0.iter().fold(Router::new(), |all, route| all.route(&route.path, handlers.clone()))
    }

    /// What the document says of them.
    pub(crate) fn document(&self) -> OpenApi {
        let all = OpenApiRouter::new();
        self.0.iter().fold(all, |all, route| all.routes((route.describe)())).into_openapi()
    }

    /// Their paths, such as `/v1/accounts/{id}`.
    pub(crate) fn paths(self) -> Vec<String> {
        self.0.into_iter().map(|route| route.path).collect()
    }
}
