/** Names of the categories in Suricata's file: `1,BadHosts,what they are` on a line. */
export const categoryNames = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .split("\n")
      .filter((line) => !line.trim().startsWith("#"))
      .map((line) => line.split(",")[1]?.trim() ?? "")
      .filter((name) => name !== ""),
  );
