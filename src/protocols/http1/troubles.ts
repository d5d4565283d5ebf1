/** What can be wrong with a message, and the name of the anomaly: of a request, of a response. Suricata's where it has one. */
const names = {
  fieldMissingColon: ["REQUEST_FIELD_MISSING_COLON", "RESPONSE_FIELD_MISSING_COLON"],
  fieldTooLong: ["REQUEST_FIELD_TOO_LONG", "RESPONSE_FIELD_TOO_LONG"],
  headerInvalid: ["REQUEST_HEADER_INVALID", "RESPONSE_HEADER_INVALID"],
  tooManyHeaders: ["REQUEST_TOO_MANY_HEADERS", "RESPONSE_TOO_MANY_HEADERS"],
  headTooLong: ["REQUEST_HEAD_TOO_LONG", "RESPONSE_HEAD_TOO_LONG"],
  lengthInvalid: ["INVALID_CONTENT_LENGTH_FIELD_IN_REQUEST", "INVALID_CONTENT_LENGTH_FIELD_IN_RESPONSE"],
  lengthDuplicate: ["DUPLICATE_CONTENT_LENGTH_FIELD_IN_REQUEST", "DUPLICATE_CONTENT_LENGTH_FIELD_IN_RESPONSE"],
  lengthAndCoding: ["REQUEST_LENGTH_AND_TRANSFER_ENCODING", "RESPONSE_LENGTH_AND_TRANSFER_ENCODING"],
  codingInvalid: ["INVALID_TRANSFER_ENCODING_VALUE_IN_REQUEST", "INVALID_TRANSFER_ENCODING_VALUE_IN_RESPONSE"],
  chunkLengthInvalid: ["INVALID_REQUEST_CHUNK_LEN", "INVALID_RESPONSE_CHUNK_LEN"],
  chunkExtension: ["REQUEST_CHUNK_EXTENSION", "RESPONSE_CHUNK_EXTENSION"],
} as const;

export type Trouble = keyof typeof names;

export const eventName = (trouble: Trouble, ofRequest: boolean): string => names[trouble][ofRequest ? 0 : 1];
