//! Préférences: the redirect address of the person who is signed in (F-1).
