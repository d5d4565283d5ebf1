/**
 * Subjects and file names under which stealers send what they took, as their analysts have published them. A table of facts.
 * They name the machine and its user, so that the thief can sort his post. Sources:
 *   splunk    Splunk Threat Research Team, "Agent Tesla" (2022), and Fortinet's analyses of its mails and FTP uploads
 *   fortinet  FortiGuard Labs, "Snake Keylogger" (2021, 2024) and "HawkEye" (2019)
 */
export interface StolenPattern {
  readonly family: string;
  readonly where: "subject" | "file";
  readonly pattern: RegExp;
  readonly source: string;
}

export const stolenPatterns: readonly StolenPattern[] = [
  // Passwords, key log, screenshots, cookies, contacts, clipboard … of user/HOST.
  { family: "Agent Tesla", where: "subject", pattern: /^(PW|KL|SC|CO|CC|CT|CB|RD)_[^/\s]{1,40}\/[^/\s]{1,40}$/, source: "splunk" },
  {
    family: "Agent Tesla",
    where: "file",
    pattern: /(^|\/)(PW|KL|SC|CO|CC|CT|CB|RD)_[^/]{1,40}-[^/]{1,40}_\d{4}_\d{2}_\d{2}_\d{2}_\d{2}_\d{2}\.(html|txt|zip|jpe?g)$/,
    source: "splunk",
  },
  { family: "Snake Keylogger", where: "subject", pattern: /^Pc Name: .{1,60} \| /, source: "fortinet" },
  {
    family: "Snake Keylogger",
    where: "file",
    pattern: / - (Passwords|keystroke Logs|Clipboard Logs|Screenshot) ID - /i,
    source: "fortinet",
  },
  { family: "HawkEye", where: "subject", pattern: /^HawkEye Keylogger - /, source: "fortinet" },
];
