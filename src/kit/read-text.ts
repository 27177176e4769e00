import { open } from 'node:fs/promises'

/** A file is larger than a program accepts. */
class FileTooLargeError extends Error {
  readonly code = 'EFBIG'
}

/**
 * The text of a file, at most `maxBytes` long, without a byte order mark: other programs write one. Reads a file without
 * an end, such as /dev/zero, no further than that.
 *
 * @throws {FileTooLargeError} it is longer
 * @throws {NodeJS.ErrnoException} it cannot be read
 */
export async function readText(path: string, maxBytes: number): Promise<string> {
  await using file = await open(path)
  const parts: Buffer[] = []
  let length = 0
  for await (const part of file.createReadStream({ highWaterMark: 1 << 20, autoClose: false })) {
    parts.push(part)
    length += part.length
    if (length > maxBytes) throw new FileTooLargeError(`${path} has more than ${maxBytes} bytes`)
  }
  return Buffer.concat(parts)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
}

/** Why a file cannot be read, in a few words: `it has more than 1 MiB`, `ENOENT`. */
export function readError(error: NodeJS.ErrnoException, maxBytes: number): string {
  return error.code === 'EFBIG' ? `more than ${maxBytes / 2 ** 20} MiB` : (error.code ?? 'error')
}
