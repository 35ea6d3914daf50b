//! The framework that a connector component is written with.
