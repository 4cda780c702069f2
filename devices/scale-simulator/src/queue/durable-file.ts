import { open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The file's bytes, or undefined when there is no such file. */
export async function readIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Puts a whole file in place at once: after a crash it is there complete, or what was there before still is. */
export async function replaceDurably(path: string, content: string | Buffer, mode = 0o644): Promise<void> {
  const unfinished = `${path}.new`;
  await writeDurably(unfinished, content, mode);
  await renameDurably(unfinished, path);
}

/** Renames a file or folder, and makes its new name as durable as its content. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}

/** Writes a file and waits until its content is on the medium; until its folder is synced, its name may be lost. */
export async function writeDurably(path: string, content: string | Buffer, mode = 0o644): Promise<void> {
  const file = await open(path, 'w', mode);
  try {
    await writeAll(file, Buffer.from(content), 0);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** A full disk takes part of a write without an error and complains about the rest only: so it is asked again. */
export async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
