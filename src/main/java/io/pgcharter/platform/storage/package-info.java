/// Places that keep files under a key: a directory, a bucket of an S3 service.
///
/// **Start at** [Storage]; the bucket at [S3Storage]. **In**: keys and bytes. **Out**: bytes. **Touches**: the file
/// system, S3 services.
package io.pgcharter.platform.storage;
