import { OddwireError } from "#contract/errors.ts";
import { CaptureFile } from "./capture-file.ts";
import { compressionOf, contentName, HEAD_BYTES } from "./content.ts";
import { decompress } from "./decompress.ts";
import { type ByteInput, PrefixedInput, readFully } from "./input.ts";
import type { Ledger } from "./ledger.ts";
import { isPcap, PCAP_HEADER_BYTES, PcapWalker } from "./pcap.ts";
import { isPcapng, PcapngWalker } from "./pcapng.ts";

/**
 * Finds out what the input is, by content and not by name, and makes it ready to be read. Takes the input over: it is
 * closed when it is no capture.
 */
export async function openCaptureFile(path: string, input: ByteInput, ledger: Ledger): Promise<CaptureFile> {
  try {
    return await unwrap(path, input, ledger);
  } catch (error) {
    await input.close();
    throw error;
  }
}

async function unwrap(path: string, input: ByteInput, ledger: Ledger): Promise<CaptureFile> {
  const head = await readHead(input);
  if (head.length === 0) {
    if (input.trouble !== undefined) throw new OddwireError("ODW_FILE_MISSING", { file: path, cause: input.trouble });
    throw new OddwireError("ODW_FILE_EMPTY", { file: path });
  }
  const compression = compressionOf(head);
  const whole = new PrefixedInput(head, input);
  if (compression === undefined) return recognise(path, head, whole, ledger);
  const inner = decompress(compression, whole);
  const innerHead = await readHead(inner);
  const nested = compressionOf(innerHead);
  let cause: string | undefined;
  if (innerHead.length === 0) cause = `it is ${compression} with nothing readable inside`;
  else if (nested !== undefined) cause = `it is ${nested} inside ${compression}: unpack it first`;
  if (cause !== undefined) throw new OddwireError("ODW_FILE_NOT_CAPTURE", { file: path, cause });
  return recognise(path, innerHead, new PrefixedInput(innerHead, inner), ledger, ` inside ${compression}`);
}

async function readHead(input: ByteInput): Promise<Uint8Array> {
  const head = new Uint8Array(HEAD_BYTES);
  return head.subarray(0, await readFully(input, head, 0, HEAD_BYTES));
}

async function recognise(path: string, head: Uint8Array, input: ByteInput, ledger: Ledger, where = ""): Promise<CaptureFile> {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (isPcap(view)) {
    if (head.length < PCAP_HEADER_BYTES)
      throw new OddwireError("ODW_FILE_NOT_CAPTURE", { file: path, cause: `it is pcap${where}, but ends within its header` });
    await readFully(input, new Uint8Array(PCAP_HEADER_BYTES), 0, PCAP_HEADER_BYTES);
    return new CaptureFile(input, new PcapWalker(view, ledger), ledger, PCAP_HEADER_BYTES);
  }
  if (isPcapng(view)) return new CaptureFile(input, new PcapngWalker(ledger), ledger, 0);
  throw new OddwireError("ODW_FILE_NOT_CAPTURE", { file: path, cause: contentName(head) + where });
}
