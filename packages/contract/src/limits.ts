/** Bounds that are part of the contract: the same on every instance, so that clients can rely on them. */
export const contractLimits = Object.freeze({
  pageSizeDefault: 20,
  pageSizeMax: 100,
  handleLengthMax: 30,
  /** Code points. */
  displayNameLengthMax: 50,
  /** Code points. */
  bioLengthMax: 300,
  passwordBytesMin: 10,
  passwordBytesMax: 1024,
  /** UTF-16 code units, checked before the weighted count. An instance's own limit is in GET /v1/instance. */
  textLengthMax: 10_000,
  searchLengthMax: 500,
  /** Characters. A cursor may contain a whole display name, folded and encoded. */
  cursorLengthMax: 4_096,
  relationshipsMax: 100,
  messageSelectionMax: 100,
  /** The media of one post or reply. */
  attachmentsMax: 4,
  /** Code points. */
  altTextLengthMax: 1_500,
});
