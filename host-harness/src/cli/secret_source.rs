//! Where a secret is, when it is not written out.
//!
//! | written | the secret is |
//! |---|---|
//! | `@env:NAME` | the content of the environment variable NAME |
//! | `@FILE` | the content of the file, without the end of its last line |
//! | `@@text` | `@text` |
//! | `text` | `text`; on a command line with a warning, since others can read it there |

use std::path::Path;

use host_harness::Secret;

use super::failure;

/// Finds a secret. Relative files are looked for in `directory`.
///
/// Errors: of kind `configuration` where there is no such file or variable.
pub(crate) fn find(written: &str, directory: &Path) -> anyhow::Result<Secret> {
    match written.strip_prefix('@') {
        None => Ok(Secret::new(written)),
        Some(text) if text.starts_with('@') => Ok(Secret::new(text)),
        Some(source) => match source.strip_prefix("env:") {
            Some(name) => std::env::var(name).map(Secret::new).map_err(|error| {
                failure::configuration(format!("the environment variable {name} holds no secret: {error}"))
            }),
            None => read(&directory.join(source)),
        },
    }
}

/// Whether a secret itself is written here, for all to see.
pub(crate) fn is_bare(written: &str) -> bool {
    !written.starts_with('@') || written.starts_with("@@")
}

fn read(file: &Path) -> anyhow::Result<Secret> {
    let content = std::fs::read_to_string(file)
        .map_err(|error| failure::configuration(format!("the secret in {} cannot be read: {error}", file.display())))?;
    let content = Secret::<String>::new(content);
    let text = content.reveal();
    Ok(Secret::new(text.strip_suffix('\n').map_or(text.as_str(), |text| text.strip_suffix('\r').unwrap_or(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_where_it_is() {
        let directory = std::env::temp_dir();
        let name = format!("harness-secret-{}", std::process::id());
        std::fs::write(directory.join(&name), "from a file\r\n").unwrap();
        let found = |written: &str| find(written, &directory).unwrap().reveal().clone();
        assert_eq!(found(&format!("@{name}")), "from a file");
        assert_eq!(found("@env:PATH"), std::env::var("PATH").unwrap());
        assert_eq!(found("@@text"), "@text");
        assert_eq!(found("text"), "text");
        std::fs::remove_file(directory.join(name)).unwrap();
    }

    #[test]
    fn a_secret_that_is_not_there_is_an_error_with_its_place() {
        let message = |written| find(written, Path::new("/nonexistent")).unwrap_err().to_string();
        assert!(message("@secret.txt").contains("/nonexistent/secret.txt"));
        assert!(message("@env:NO_SUCH_VARIABLE_HERE").contains("NO_SUCH_VARIABLE_HERE"));
    }
}
