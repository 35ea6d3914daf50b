//! Compiled code, kept between two starts of the process.
//!
//! Compiling a component takes half a second, loading what was compiled half a millisecond. One file per
//! component and engine, `<SHA-256 of the component>-<compatibility hash>.cwasm`, in the user's cache
//! directory (`$XDG_CACHE_HOME`, or `~/.cache`, and there `host-harness`).
//!
//! Loading compiled code means to run it, so a file counts only if this host wrote it and it is whole:
//!
//! | danger | answer |
//! |---|---|
//! | somebody else puts a file there | the directory must be this user's own, with mode 0700; otherwise it is not used |
//! | the file is damaged or cut off | it begins with the SHA-256 of its content; otherwise the component is compiled again |
//! | two processes write it at the same time | each writes a file of its own and renames it |
//! | another wasmtime, other settings | they are part of the name, and wasmtime checks its own header |
//!
//! A cache that does not work is never an error: the component is compiled, as without one.

use std::fs::{self, DirBuilder, OpenOptions};
use std::hash::{Hash, Hasher};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest, Sha256};
use wasmtime::component::Component;

/// How many compiled components are kept: a few versions of some connectors. Each takes one to three
/// megabytes; when one more is written, the oldest go.
const KEPT: usize = 32;

/// A digest of this many bytes stands before the code.
const DIGEST: usize = 32;

/// Where compiled code is kept between two starts of the process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cache {
    /// In the user's cache directory.
    #[default]
    User,
    /// In this directory, which is created where it does not exist.
    Directory(PathBuf),
    /// Nowhere: every start compiles.
    Off,
}

impl Cache {
    fn directory(&self) -> Option<PathBuf> {
        match self {
            Self::Directory(directory) => Some(directory.clone()),
            Self::Off => None,
            Self::User => {
                // Relative paths are to be ignored (XDG Base Directory Specification).
                let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
                let base = absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")))?;
                Some(base.join("host-harness"))
            }
        }
    }

    /// The compiled component: from the cache, or compiled now and put there.
    pub(crate) fn load(&self, engine: &wasmtime::Engine, bytes: &[u8], digest: &str) -> wasmtime::Result<Component> {
        let Some(directory) = self.directory() else { return Component::from_binary(engine, bytes) };
        let file = directory.join(format!("{digest}-{:016x}.cwasm", compatibility(engine)));
        if let Some(component) = read(engine, &directory, &file) {
            return Ok(component);
        }
        let component = Component::from_binary(engine, bytes)?;
        if let Err(error) = write(&directory, &file, &component.serialize()?) {
            tracing::debug!(%error, file = %file.display(), "the compiled component could not be kept");
        }
        Ok(component)
    }
}

/// What must be equal for compiled code to be usable, as one number.
fn compatibility(engine: &wasmtime::Engine) -> u64 {
    // With the same keys in every process; if another release of Rust hashes in another way, the
    // component is compiled once more.
    let mut hasher = std::hash::DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hasher.finish()
}

/// The component that is kept in a file, if there is one and it can be relied upon.
fn read(engine: &wasmtime::Engine, directory: &Path, file: &Path) -> Option<Component> {
    private(directory).ok()?;
    let content = fs::read(file).ok()?;
    let (digest, code) = content.split_at_checked(DIGEST)?;
    if Sha256::digest(code).as_slice() != digest {
        tracing::debug!(file = %file.display(), "the compiled component is damaged and made again");
        return None;
    }
    deserialize(engine, code).ok()
}

#[allow(
    unsafe_code,
    reason = "the code is what `Component::serialize` answered: only this user can write into the \
              directory, which `private` has checked, so whoever can forge the file can run any program \
              as this user anyway; and the digest before it shows that the file is whole. Code of another \
              version or configuration of wasmtime is refused by wasmtime itself"
)]
fn deserialize(engine: &wasmtime::Engine, code: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: see above.
    unsafe { Component::deserialize(engine, code) }
}

fn write(directory: &Path, file: &Path, code: &[u8]) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    private(directory)?;
    let unfinished = file.with_extension(format!("{}.tmp", std::process::id()));
    let written = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished).and_then(
        |mut target| {
            target.write_all(&Sha256::digest(code))?;
            target.write_all(code)
        },
    );
    let kept = written.and_then(|()| fs::rename(&unfinished, file));
    if kept.is_err() {
        // What cannot be removed either is found and removed with the oldest.
        let _ = fs::remove_file(&unfinished);
    }
    forget_oldest(directory)?;
    kept
}

/// Whether only this user can put files into a directory.
fn private(directory: &Path) -> io::Result<()> {
    let found = fs::symlink_metadata(directory)?;
    let own = found.is_dir() && found.uid() == rustix::process::geteuid().as_raw() && found.mode() & 0o077 == 0;
    if own {
        Ok(())
    } else {
        Err(io::Error::new(io::ErrorKind::PermissionDenied, "not a directory of this user alone"))
    }
}

fn forget_oldest(directory: &Path) -> io::Result<()> {
    let mut files: Vec<(SystemTime, PathBuf)> = fs::read_dir(directory)?
        .filter_map(Result::ok)
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    files.sort();
    let surplus = files.len().saturating_sub(KEPT);
    files.iter().take(surplus).try_for_each(|(_, file)| fs::remove_file(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The smallest component: nothing at all.
    const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";

    fn directory(name: &str) -> PathBuf {
        let directory = std::env::temp_dir().join(format!("host-harness-cache-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&directory);
        directory
    }

    fn load(directory: &Path) {
        Cache::Directory(directory.into()).load(&wasmtime::Engine::default(), EMPTY, "digest").unwrap();
    }

    fn only_file(directory: &Path) -> PathBuf {
        let files: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files.len(), 1, "{files:?}");
        files[0].clone()
    }

    #[test]
    fn what_was_compiled_is_found_again() {
        let directory = directory("found");
        load(&directory);
        let file = only_file(&directory);
        let inode = fs::metadata(&file).unwrap().ino();
        assert!(read(&wasmtime::Engine::default(), &directory, &file).is_some());
        load(&directory);
        assert_eq!(fs::metadata(only_file(&directory)).unwrap().ino(), inode, "it was not written again");
        assert_eq!(fs::metadata(&directory).unwrap().mode() & 0o777, 0o700);
        fs::remove_dir_all(directory).unwrap();
    }

    #[test]
    fn a_damaged_file_is_made_again() {
        let directory = directory("damaged");
        load(&directory);
        let file = only_file(&directory);
        let whole = fs::read(&file).unwrap();
        let engine = wasmtime::Engine::default();
        for place in (0..whole.len()).step_by(31) {
            let mut damaged = whole.clone();
            damaged[place] ^= 1;
            fs::write(&file, damaged).unwrap();
            assert!(read(&engine, &directory, &file).is_none(), "a wrong bit after {place} bytes");
        }
        for length in [0, 10, whole.len() / 2] {
            fs::write(&file, &whole[..length]).unwrap();
            load(&directory);
            assert_eq!(fs::read(&file).unwrap(), whole);
        }
        fs::remove_dir_all(directory).unwrap();
    }

    #[test]
    fn a_directory_that_others_can_write_to_is_not_used() {
        let directory = directory("shared");
        DirBuilder::new().mode(0o700).create(&directory).unwrap();
        fs::set_permissions(&directory, std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
        load(&directory);
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 0);
        fs::remove_dir_all(directory).unwrap();
    }

    #[test]
    fn the_oldest_go() {
        let directory = directory("oldest");
        load(&directory);
        for index in 0..2 * KEPT {
            fs::write(directory.join(index.to_string()), "").unwrap();
        }
        forget_oldest(&directory).unwrap();
        assert_eq!(fs::read_dir(&directory).unwrap().count(), KEPT);
        fs::remove_dir_all(directory).unwrap();
    }
}
