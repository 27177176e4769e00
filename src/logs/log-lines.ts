import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { UsageError } from '../kit/errors.ts'

/** Characters of a line: more is no access log. */
const maxLine = 1 << 16

/**
 * The lines of a file as they are read, of one whose name ends in `.gz` unpacked. The last line may lack its line break.
 *
 * @throws {UsageError} the file cannot be read, or a line is longer than 64 KiB
 */
export async function* logLines(path: string): AsyncGenerator<string> {
  const bytes = createReadStream(path)
  // An error reaches the reader below through the stream that it reads.
  const text: Readable = path.endsWith('.gz') ? pipeline(bytes, createGunzip(), () => {}) : bytes
  try {
    yield* splitLines(text.setEncoding('utf8'))
  } catch (error) {
    if (error instanceof UsageError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    throw new UsageError(
      `cannot read the log ${path}: ${code ?? message}`,
      'give --log a text file, or one that gzip compressed, with a name that ends in .gz',
    )
  }
}

async function* splitLines(parts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const part of parts) {
    const lines = (rest + part).split('\n')
    rest = lines.pop() as string
    if (rest.length > maxLine) {
      throw new UsageError('a line of the log is longer than 64 KiB', 'give --log an access log')
    }
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
  }
  if (rest !== '') yield rest
}
