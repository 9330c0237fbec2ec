//! Argon2id with OWASP's parameters, in memory that goes back to the system at once.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use aws_lc_rs::constant_time;
use aws_lc_rs::rand;

/// OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// The C library keeps freed memory for later, per thread and in pieces of up to 32 MiB: a dozen
/// sign-ins would cost 150 MiB for ever. Larger pieces go back to the system, and what nobody
/// touches costs nothing.
const NOT_KEPT_KIB: usize = 33 * 1024;

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// A new salted hash, in PHC form.
pub(super) fn hash(password: &[u8]) -> Result<String, Fault> {
    let mut salt = [0; SALT_BYTES];
    rand::fill(&mut salt).map_err(|_| "the system gave no random bytes")?;
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(HASH_BYTES))?;
    let hash = digest(password, &salt, Algorithm::Argon2id, Version::V0x13, params.clone())?;
    let stored = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params)?,
        salt: Some(Salt::new(&salt)?),
        hash: Some(Output::new(&hash)?),
    };
    Ok(stored.to_string())
}

/// Whether `password` made the hash `stored`, with the parameters named in it.
pub(super) fn verify(password: &[u8], stored: &str) -> Result<bool, Fault> {
    let stored = PasswordHash::new(stored)?;
    let (Some(salt), Some(expected)) = (&stored.salt, &stored.hash) else {
        return Err("the stored hash is not whole".into());
    };
    let algorithm = Algorithm::try_from(stored.algorithm.as_str())?;
    let version = Version::try_from(stored.version.unwrap_or_default())?;
    let hash = digest(password, salt, algorithm, version, Params::try_from(&stored)?)?;
    Ok(constant_time::verify_slices_are_equal(&hash, expected.as_bytes()).is_ok())
}

fn digest(
    password: &[u8],
    salt: &[u8],
    algorithm: Algorithm,
    version: Version,
    params: Params,
) -> Result<Vec<u8>, Fault> {
    let mut hash = vec![0; params.output_len().unwrap_or(HASH_BYTES)];
    let needed = params.block_count();
    let mut memory = Vec::with_capacity(needed.max(NOT_KEPT_KIB));
    memory.resize(needed, Block::new());
    let argon2 = Argon2::new(algorithm, version, params);
    argon2.hash_password_into_with_memory(password, salt, &mut hash, &mut memory)?;
    Ok(hash)
}
