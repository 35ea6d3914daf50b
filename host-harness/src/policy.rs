//! What a platform decides about a connector that it opens.

use crate::egress::Grant;
use crate::http_client::TrustedRoots;
use crate::limits::Limits;
use crate::timeouts::Timeouts;

/// What a platform decides about a connector that it opens. The default suits a component that is not
/// trusted and a resource on the public internet.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Policy {
    /// Which of the hosts that its manifest names it may reach.
    pub grant: Grant,
    /// How much of the host it may use.
    pub limits: Limits,
    /// How long things may take.
    pub timeouts: Timeouts,
    /// Whose certificates it trusts.
    pub trusted_roots: TrustedRoots,
}
