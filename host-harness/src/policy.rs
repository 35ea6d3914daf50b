//! What a platform decides about a connector that it opens.

use crate::http_client::TrustedRoots;
use crate::limits::Limits;
use crate::timeouts::Timeouts;

/// What a platform decides about a connector that it opens. The default suits a component that is not
/// trusted and a resource on the public internet.
///
/// Which hosts it reaches is not decided here: those of its manifest.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Policy {
    /// How much of the host it may use.
    pub limits: Limits,
    /// How long things may take.
    pub timeouts: Timeouts,
    /// Whose certificates it trusts.
    pub trusted_roots: TrustedRoots,
}
