import { constants, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { UsageError } from '../../kit/errors.ts'
import { loggedFields, logTemplate } from '../config/log-format.ts'
import type { Access } from './access.ts'
import { lineWriter } from './log-line.ts'
import { type LogFile, standardStream } from './standard-stream.ts'

/** Options of an access log. */
interface AccessLogOptions {
  /** `accessLogFormat`. */
  readonly format?: string
  /** `accessLogSample`. */
  readonly sample?: number
  /** Called with the number of lines, each time that some are dropped. */
  readonly onDropped?: (lines: number) => void
}

/** A log of requests: one line for each. */
export interface AccessLog {
  /** Names of the fields of requests that its format needs, in lower case. */
  readonly fields: readonly string[]
  /** Counts a request that did not fail, and returns whether it is one of the sample, which get a line. */
  samples(): boolean
  /** Adds a line. Never waits and never throws: a line that cannot be kept is dropped and counted. */
  add(access: Access): void
  /**
   * Continues in the file that is at `path` now, after a rotation.
   *
   * @throws UsageError where it cannot be opened; the log continues in the old one.
   */
  reopen(path: string): Promise<void>
  /** Lines that were dropped since the log was opened. */
  readonly dropped: number
  /** Writes the remaining lines, as far as they can be written, and closes the file. */
  close(): Promise<void>
  /** Writes the remaining lines before it returns: for a thread that exits. */
  flushSync(): void
}

/** Characters of a batch, and the maximum that is kept while the previous batch is being written. */
const batchSize = 65_536
const maxPending = 4 * 1024 * 1024
/** Maximum milliseconds that a line waits for others. */
const maxDelayMs = 1000

/**
 * Opens the log at `path`. Each worker opens its own: a batch consists of complete lines and is appended in
 * one write, so that batches do not mix. A request only pays for its line; Node's thread pool writes. If lines
 * were dropped, because the disk is slow or full, the next batch starts with their number.
 *
 * @throws UsageError where the file cannot be opened.
 */
export async function openAccessLog(
  path: string,
  { format = 'json', sample = 1, onDropped }: AccessLogOptions = {},
): Promise<AccessLog> {
  const template = logTemplate(format)
  const lineOf = template === undefined ? jsonLine : lineWriter(template)
  const json = template === undefined || template.json
  let file = await openFile(path)
  let lines = ''
  /** Requests since the last one of the sample; the first one is in it. */
  let passed = sample - 1
  let dropped = 0
  /** Dropped lines that are not in the log yet. */
  let unreportedDrops = 0
  /** The last write ended within a line. */
  let partialLine = false
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined

  function drop(count: number): void {
    dropped += count
    unreportedDrops += count
    if (count > 0) onDropped?.(count)
  }

  function takeBatch(): Batch {
    const gap = json
      ? `{"time":"${now()}","dropped":${unreportedDrops}}\n`
      : `# ${now()} dropped ${unreportedDrops} lines\n`
    const head = Buffer.from((partialLine ? '\n' : '') + (unreportedDrops === 0 ? '' : gap))
    const bytes = Buffer.concat([head, Buffer.from(lines)])
    lines = ''
    return { bytes, headBytes: head.length, reported: unreportedDrops }
  }

  /** Counts the lines of a batch of which only the first `wrote` bytes were written. */
  function settle({ bytes, headBytes, reported }: Batch, wrote: number): void {
    if (wrote >= headBytes) unreportedDrops -= reported
    if (wrote > 0) partialLine = bytes[wrote - 1] !== newline
    drop(linesIn(bytes.subarray(Math.max(wrote, headBytes))))
  }

  async function writeBatch(): Promise<void> {
    const batch = takeBatch()
    settle(batch, await append(file, batch.bytes))
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    if (lines === '') return writing ?? Promise.resolve()
    writing ??= writeBatch().finally(() => {
      writing = undefined
      if (lines.length >= batchSize) void flush()
    })
    return writing
  }

  function add(access: Access): void {
    if (lines.length >= maxPending) {
      drop(1)
      return
    }
    lines += lineOf(access)
    if (lines.length >= batchSize) void flush()
    else timer ??= setTimeout(() => void flush(), maxDelayMs).unref()
  }

  return {
    fields: loggedFields(template),
    samples() {
      passed = passed + 1 === sample ? 0 : passed + 1
      return passed === 0
    },
    add,
    async reopen(path) {
      const next = await openFile(path)
      while (writing !== undefined) await writing
      const old = file
      file = next
      partialLine = false
      await old.close()
    },
    get dropped() {
      return dropped
    },
    async close() {
      while (writing !== undefined || lines !== '') await flush()
      await file.close()
    },
    flushSync() {
      if (lines === '') return
      const batch = takeBatch()
      settle(batch, appendSync(file.fd, batch.bytes))
    },
  }
}

/** Lines that are written together. */
interface Batch {
  readonly bytes: Buffer
  /** Bytes before the first line: the end of a partial one, and the number of dropped ones. */
  readonly headBytes: number
  /** Dropped lines that it reports. */
  readonly reported: number
}

async function openFile(path: string): Promise<LogFile> {
  const stream = standardStream(path)
  if (stream !== undefined) return stream
  const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = constants
  try {
    // A pipe without a reader must fail, and not block a thread of the pool.
    return await open(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o640)
  } catch (error) {
    throw new UsageError(
      `access log: cannot write ${path}: ${(error as Error).message}`,
      'name a file in a folder that exists and may be written to',
    )
  }
}

/** Appends as many of `bytes` as it can, and returns their number. */
async function append(file: LogFile, bytes: Buffer): Promise<number> {
  let wrote = 0
  try {
    while (wrote < bytes.length) wrote += (await file.write(bytes, wrote)).bytesWritten
  } catch {
    // The disk or the pipe is full: the missing lines count as dropped.
  }
  return wrote
}

function appendSync(fd: number, bytes: Buffer): number {
  let wrote = 0
  try {
    while (wrote < bytes.length) wrote += writeSync(fd, bytes, wrote)
  } catch {
    // As above.
  }
  return wrote
}

const newline = 10

function linesIn(bytes: Buffer): number {
  let count = 0
  for (const byte of bytes) if (byte === newline) count++
  return count
}

function now(): string {
  return new Date().toISOString()
}

function jsonLine({ protocol: _, scheme: __, fields: ___, ...access }: Access): string {
  return `${JSON.stringify({ ...access, time: new Date(access.time).toISOString() })}\n`
}
