const NAMES: Readonly<Record<number, string>> = {
  0: "BINARY",
  1: "ECHO",
  3: "SUPPRESS-GO-AHEAD",
  5: "STATUS",
  6: "TIMING-MARK",
  23: "SEND-LOCATION",
  24: "TERMINAL-TYPE",
  25: "END-OF-RECORD",
  31: "NAWS",
  32: "TERMINAL-SPEED",
  33: "REMOTE-FLOW-CONTROL",
  34: "LINEMODE",
  35: "X-DISPLAY-LOCATION",
  36: "ENVIRON",
  37: "AUTHENTICATION",
  38: "ENCRYPT",
  39: "NEW-ENVIRON",
  40: "TN3270E",
  42: "CHARSET",
  44: "COM-PORT",
  46: "START-TLS",
};

export const optionName = (option: number): string => NAMES[option] ?? String(option);
/** Options that are assigned, and some more that games use. */
export const plausibleOption = (option: number): boolean => option <= 49 || option >= 69;

export const Option = {
  terminalType: 24,
  windowSize: 31,
  terminalSpeed: 32,
  displayLocation: 35,
} as const;
