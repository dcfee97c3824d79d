//! Single secrets of an installation, among them the key ring.

use aws_sdk_secretsmanager::{
    Client,
    error::SdkError,
    operation::{
        create_secret::CreateSecretError, get_secret_value::GetSecretValueError,
        put_secret_value::PutSecretValueError,
    },
};
use domain::Secret;
use ports::Unavailable;

use crate::failure::unavailable;

/// Name of a ring's first version. It is the same in every process, so the second one to create it
/// gets an error.
const FIRST_VERSION: &str = "latchhook-key-ring-first-version";

/// Returns the text of the secret `name`.
///
/// # Errors
/// When it does not exist, has no text, or the backend is unavailable.
pub async fn read_secret(client: &Client, name: &str) -> Result<Secret, Unavailable> {
    const WHAT: &str = "reading a secret";
    let found = read(client, name).await.map_err(|error| unavailable(WHAT, error))?;
    text(WHAT, found)
}

/// Replaces the text of the secret `name`.
///
/// # Errors
/// When it does not exist, or the backend is unavailable.
pub async fn replace_secret(client: &Client, name: &str, text: &Secret) -> Result<(), Unavailable> {
    let put = client.put_secret_value().secret_id(name).secret_string(text.expose());
    put.send().await.map(drop).map_err(|error| unavailable("replacing a secret", error))
}

/// Returns the key ring in the secret `name`; creates it with `make` if there is none. However many
/// processes begin at once, one ring is created, and all get that. A secret that the template
/// created without a value counts as none. A new secret is encrypted under `kms_key`, if there is one.
///
/// # Errors
/// When the secret is deleted, even if it could still be restored, or the backend is unavailable. A
/// deleted ring is never replaced silently: nothing that it sealed could be opened again.
pub async fn ring_secret(
    client: &Client,
    name: &str,
    kms_key: Option<&str>,
    make: impl FnOnce() -> Secret,
) -> Result<Secret, Unavailable> {
    const WHAT: &str = "reading the key ring";
    match read(client, name).await {
        Err(SdkError::ServiceError(error)) if error.err().is_resource_not_found_exception() => {}
        read => return text(WHAT, read.map_err(|error| unavailable(WHAT, error))?),
    }
    create_once(client, name, kms_key, &make()).await?;
    // The ring can also come from another process, which was faster.
    text(WHAT, read(client, name).await.map_err(|error| unavailable(WHAT, error))?)
}

/// Replaces the key ring in the secret `name` by `ring`.
///
/// # Errors
/// When the backend is unavailable.
pub async fn replace_ring(client: &Client, name: &str, ring: &Secret) -> Result<(), Unavailable> {
    let put = client.put_secret_value().secret_id(name).secret_string(ring.expose());
    put.send().await.map(drop).map_err(|error| unavailable("replacing the key ring", error))
}

/// Puts `ring` in the place of an older one in the secret `name`. `change` names the change; of two
/// processes that make one of the same name, one gets an error.
///
/// # Errors
/// When another process was faster, or the backend is unavailable.
pub async fn change_ring(
    client: &Client,
    name: &str,
    ring: &Secret,
    change: &str,
) -> Result<(), Unavailable> {
    let put = client.put_secret_value().secret_id(name).client_request_token(change);
    match put.secret_string(ring.expose()).send().await {
        Ok(_) => Ok(()),
        Err(error) => match error.as_service_error() {
            Some(PutSecretValueError::ResourceExistsException(_)) => {
                Err(Unavailable::new("changing the key ring", "another command was faster"))
            }
            _ => Err(unavailable("changing the key ring", error)),
        },
    }
}

async fn read(
    client: &Client,
    name: &str,
) -> Result<Option<Secret>, SdkError<GetSecretValueError>> {
    let found = client.get_secret_value().secret_id(name).send().await?;
    Ok(found.secret_string.map(Secret::new))
}

/// Returns the text of a secret; an empty one is an error, because everybody would know it.
fn text(what: &'static str, found: Option<Secret>) -> Result<Secret, Unavailable> {
    let found = found.filter(|secret| !secret.expose().trim().is_empty());
    found.ok_or_else(|| Unavailable::new(what, "it has no text"))
}

/// Creates the ring, or gives a secret without a value its first one, unless another process has.
async fn create_once(
    client: &Client,
    name: &str,
    kms_key: Option<&str>,
    ring: &Secret,
) -> Result<(), Unavailable> {
    let create = client.create_secret().name(name).client_request_token(FIRST_VERSION);
    let create = create.description("Latchhook: the key ring, without which no secret opens");
    let create = create.set_kms_key_id(kms_key.map(str::to_owned));
    let Err(error) = create.secret_string(ring.expose()).send().await else { return Ok(()) };
    match error.as_service_error() {
        Some(CreateSecretError::ResourceExistsException(_)) => {}
        _ => return Err(unavailable("making the key ring", error)),
    }
    let put = client.put_secret_value().secret_id(name).client_request_token(FIRST_VERSION);
    match put.secret_string(ring.expose()).send().await {
        Ok(_) => Ok(()),
        Err(error) => match error.as_service_error() {
            // Another process has stored the first version.
            Some(PutSecretValueError::ResourceExistsException(_)) => Ok(()),
            _ => Err(unavailable("making the key ring", error)),
        },
    }
}
