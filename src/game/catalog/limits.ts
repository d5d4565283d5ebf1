/** What a header may cost, however it is written. Beyond a limit the reading of that header ends with a problem. */
export const catalogLimits = {
  /** Headers in a catalog. */
  filesMax: 2_000,
  /** Depth of its folders. */
  folderDepthMax: 8,
  fileBytesMax: 2 * 1024 * 1024,
  /** Of one header with all that it includes. */
  unitBytesMax: 8 * 1024 * 1024,
  includesMax: 1_000,
  includeDepthMax: 40,
  macrosMax: 50_000,
  /** Tokens that one header becomes once its macros are expanded. */
  tokensMax: 1_000_000,
  /** Brackets in brackets, and macros in arguments of macros. */
  nestingMax: 100,
  /** Calls of the syntax tree's parser back to us while it reads one declaration. */
  parseStepsMax: 20_000,
  structsMax: 20_000,
  /** Structs in each other. */
  structDepthMax: 32,
  membersMax: 5_000,
  /** Largest alignment that a header may ask for. */
  alignBytesMax: 65_536,
  /** Size of one type. */
  typeBytesMax: 16 * 1024 * 1024,
  /** Digits and operators of one expression. */
  expressionTokensMax: 2_000,
  /** Problems that are told of one header. */
  problemsMax: 50,
  /** Values that one packet may become. */
  valuesMax: 4_096,
  /** Bytes of one text, and of bytes shown as hex. */
  textBytesMax: 4_096,
} as const;
