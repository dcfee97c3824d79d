//! Routes, with their descriptions for the OpenAPI document.
//!
//! A handler's path and methods are written once, in its `utoipa::path`. The document is generated
//! only where it is asked for: describing every field takes longer than all the rest of a
//! function's start, and a function that never serves the document has none of it in its binary.

use axum::{Router, routing::MethodRouter};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::App;

/// Handlers of one path.
pub(crate) struct Route {
    pub(crate) path: String,
    pub(crate) handlers: MethodRouter<App>,
    /// Function that generates their description.
    pub(crate) describe: fn() -> UtoipaMethodRouter<App>,
}

/// Makes the [`Route`] of handlers that share a path: `routes!(list, create)`. A handler of another
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

/// Names the type that `utoipa::path` made of a handler.
macro_rules! described {
    ($handler:ident) => {
        utoipa_axum::paste! { [<__path_ $handler>] }
    };
    ($module:ident :: $handler:ident) => {
        utoipa_axum::paste! { $module::[<__path_ $handler>] }
    };
}

pub(crate) use {described, routes};

/// Collection of routes.
#[derive(Default)]
pub(crate) struct Routes(Vec<Route>);

impl Routes {
    /// Makes an empty collection.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a route.
    pub(crate) fn routes(mut self, route: Route) -> Self {
        self.0.push(route);
        self
    }

    /// Adds all routes of `others`.
    pub(crate) fn merge(mut self, mut others: Self) -> Self {
        self.0.append(&mut others.0);
        self
    }

    /// Returns the router.
    pub(crate) fn router(self) -> Router<App> {
        self.0.into_iter().fold(Router::new(), |all, route| all.route(&route.path, route.handlers))
    }

    /// Returns a router with `handlers` at each of the paths.
    pub(crate) fn at_each(&self, handlers: &MethodRouter<App>) -> Router<App> {
        self.0.iter().fold(Router::new(), |all, route| all.route(&route.path, handlers.clone()))
    }

    /// Generates the OpenAPI document.
    pub(crate) fn document(&self) -> OpenApi {
        let all = OpenApiRouter::new();
        self.0.iter().fold(all, |all, route| all.routes((route.describe)())).into_openapi()
    }

    /// Returns the paths, such as `/v1/accounts/{id}`.
    pub(crate) fn paths(self) -> Vec<String> {
        self.0.into_iter().map(|route| route.path).collect()
    }
}
