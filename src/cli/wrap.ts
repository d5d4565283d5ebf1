/** A text in lines of at most `width` characters, broken between words; a word that is longer than a line is cut. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((part) => pieces(part, width))) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A word in parts that fit a line. */
const pieces = (word: string, width: number): readonly string[] => word.match(new RegExp(`.{1,${width}}`, "gu")) ?? [];
