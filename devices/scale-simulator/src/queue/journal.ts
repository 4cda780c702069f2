import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { readIfPresent, replaceDurably, writeAll } from './durable-file.js';

/** Length and CRC-32, both big-endian; the CRC covers the length too, so that a frame of zeros is not a frame. */
const HEADER_BYTES = 8;

/** Less than four bytes of text read as a number: a payload of text never looks as if a frame began inside it. */
const PAYLOAD_BYTES_MAX = 64 * 1024 * 1024;

/** Part of the file that was synced long ago no longer reads back: a person must look, nothing may be cut off. */
export class JournalDamaged extends Error {
  constructor(
    readonly path: string,
    readonly offset: number,
  ) {
    super(`${path} is damaged at byte ${offset}, before records that were stored later`);
    this.name = 'JournalDamaged';
  }
}

/**
 * An append-only file of frames of text. A frame is on the medium when `append` resolves, and the next one is written
 * only after that; so a frame that does not read back can only be the last one, torn by a power cut, and whoever wrote
 * it was never told that it is safe. It is cut off on opening.
 *
 * One append at a time: the caller waits for one before it starts the next.
 */
export class Journal {
  private constructor(
    readonly path: string,
    private file: FileHandle,
    private bytes: number,
  ) {}

  /** Bytes of the file, to judge when rewriting it pays. */
  get size(): number {
    return this.bytes;
  }

  /**
   * Opens the file, or makes an empty one in an existing folder.
   * @throws JournalDamaged when a broken frame is followed by a whole one
   */
  static async open(path: string): Promise<{ journal: Journal; payloads: readonly string[] }> {
    const content = await readIfPresent(path);
    if (!content) await replaceDurably(path, '');

    const { payloads, end } = parse(content ?? Buffer.alloc(0), path);
    const file = await open(path, 'r+');
    if (content && end < content.length) {
      await file.truncate(end);
      await file.datasync();
    }
    return { journal: new Journal(path, file, end), payloads };
  }

  /** Makes a journal that holds one frame, at once and durably. */
  static async write(path: string, payload: string): Promise<number> {
    const bytes = frame(payload);
    await replaceDurably(path, bytes);
    return bytes.length;
  }

  /**
   * Resolves when the payload is on the medium. When it rejects, the file is as it was before.
   * @throws the error of the file system, for example ENOSPC
   */
  async append(payload: string): Promise<void> {
    const bytes = frame(payload);
    try {
      await writeAll(this.file, bytes, this.bytes);
      await this.file.datasync();
    } catch (error) {
      await this.file.truncate(this.bytes);
      throw error;
    }
    this.bytes += bytes.length;
  }

  /** Replaces everything by one frame, atomically: this is how a journal forgets. */
  async replace(payload: string): Promise<void> {
    const size = await Journal.write(this.path, payload);
    const replaced = this.file;
    this.file = await open(this.path, 'r+');
    this.bytes = size;
    await replaced.close();
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  if (payload.length > PAYLOAD_BYTES_MAX) throw new RangeError(`A frame holds at most ${PAYLOAD_BYTES_MAX} bytes`);
  const bytes = Buffer.alloc(HEADER_BYTES + payload.length);
  bytes.writeUInt32BE(payload.length, 0);
  payload.copy(bytes, HEADER_BYTES);
  bytes.writeUInt32BE(checksum(bytes), 4);
  return bytes;
}

function checksum(bytes: Buffer): number {
  return crc32(bytes.subarray(HEADER_BYTES), crc32(bytes.subarray(0, 4)));
}

function parse(content: Buffer, path: string): { payloads: readonly string[]; end: number } {
  const payloads: string[] = [];
  let end = 0;
  for (let bytes = frameAt(content, end); bytes; bytes = frameAt(content, end)) {
    payloads.push(bytes.subarray(HEADER_BYTES).toString());
    end += bytes.length;
  }
  for (let offset = end + 1; offset < content.length; offset += 1) {
    if (frameAt(content, offset)) throw new JournalDamaged(path, end);
  }
  return { payloads, end };
}

/** The whole frame that begins there, if there is one that reads back. */
function frameAt(content: Buffer, offset: number): Buffer | undefined {
  if (offset + HEADER_BYTES > content.length) return undefined;
  const length = content.readUInt32BE(offset);
  if (length > PAYLOAD_BYTES_MAX || offset + HEADER_BYTES + length > content.length) return undefined;
  const bytes = content.subarray(offset, offset + HEADER_BYTES + length);
  return checksum(bytes) === bytes.readUInt32BE(4) ? bytes : undefined;
}
