import { useEffect, useState } from "react";
import "./captures.css";

/** Wherever a file is dragged over the page, the page says what comes of dropping it. */
export function FileDrop({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    // Entering a child comes before leaving its parent: only the count tells whether the file is still over the page.
    let depth = 0;
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") === true;
    const on = (name: "dragenter" | "dragover" | "dragleave" | "drop", act: (event: DragEvent) => void) => {
      const listener = (event: DragEvent) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        act(event);
      };
      document.addEventListener(name, listener);
      return () => document.removeEventListener(name, listener);
    };
    const ends = [
      on("dragenter", () => setOver(++depth > 0)),
      on("dragover", () => undefined),
      on("dragleave", () => setOver(--depth > 0)),
      on("drop", (event) => {
        depth = 0;
        setOver(false);
        onFiles([...(event.dataTransfer?.files ?? [])]);
      }),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, [onFiles]);
  if (!over) return undefined;
  return (
    <div className="file-drop" role="status">
      <strong>Drop the capture to have it read</strong>
      <span>pcap or pcapng, gzip and zstd too. It goes to this Oddwire and nowhere else.</span>
    </div>
  );
}
