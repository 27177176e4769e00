import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { UsageError } from '../../kit/errors.ts'

/** One request, as the log tells of it. */
export interface Access {
  /** When it was answered, in milliseconds since 1970. */
  readonly time: number
  readonly worker: number
  readonly client: string
  readonly method: string
  readonly target: string
  /** 0 where the client was gone before there was one. */
  readonly status: number
  /** Octets of the answer's body that were sent. */
  readonly bytes: number
  readonly seconds: number
  /** Who answered; '' where it was the balancer itself. */
  readonly backend: string
  /** Backends that the request was sent to. */
  readonly tries: number
}

/** A log of requests: one JSON object a line. */
export interface AccessLog {
  /** Adds a line. Never waits and never throws: what cannot be kept is dropped and counted. */
  add(access: Access): void
  /**
   * Goes on in the file that is at `path` now, for one that was rotated.
   *
   * @throws UsageError where it cannot be opened; the log goes on in the old one.
   */
  reopen(path: string): Promise<void>
  /** Lines that were dropped since the log was opened. */
  readonly dropped: number
  /** Writes what is left, as far as it can be written, and closes the file. */
  close(): Promise<void>
}

/** Characters that make a batch, and that are kept at most while the one before is being written. */
const batch = 65_536
const most = 4 * 1024 * 1024
/** Milliseconds that a line waits at most for others. */
const patience = 1000

/**
 * Opens the log at `path`. Each worker opens its own: batches are whole lines that are appended in one
 * write, so that they do not mix. A request costs the making of its line; Node's thread pool writes.
 * Where lines were dropped, because the disk is slow or full, the next batch says how many.
 *
 * @throws UsageError where the file cannot be opened.
 */
export async function openAccessLog(path: string): Promise<AccessLog> {
  let file = await openFile(path)
  let lines = ''
  let dropped = 0
  /** Of these, the ones that the log does not tell of yet. */
  let untold = 0
  /** The last write ended in the middle of a line. */
  let torn = false
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined

  function drop(count: number): void {
    dropped += count
    untold += count
  }

  async function writeBatch(): Promise<void> {
    const gap = untold === 0 ? '' : `{"time":"${now()}","dropped":${untold}}\n`
    const head = Buffer.from((torn ? '\n' : '') + gap)
    const bytes = Buffer.concat([head, Buffer.from(lines)])
    lines = ''
    const told = untold
    const wrote = await append(file, bytes)
    if (wrote >= head.length) untold -= told
    if (wrote > 0) torn = bytes[wrote - 1] !== newline
    drop(linesIn(bytes.subarray(Math.max(wrote, head.length))))
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    if (lines === '') return writing ?? Promise.resolve()
    writing ??= writeBatch().finally(() => {
      writing = undefined
      if (lines.length >= batch) void flush()
    })
    return writing
  }

  function add(access: Access): void {
    if (lines.length >= most) {
      drop(1)
      return
    }
    lines += lineOf(access)
    if (lines.length >= batch) void flush()
    else timer ??= setTimeout(() => void flush(), patience).unref()
  }

  return {
    add,
    async reopen(path) {
      const next = await openFile(path)
      while (writing !== undefined) await writing
      const old = file
      file = next
      torn = false
      await old.close()
    },
    get dropped() {
      return dropped
    },
    async close() {
      while (writing !== undefined || lines !== '') await flush()
      await file.close()
    },
  }
}

async function openFile(path: string): Promise<FileHandle> {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = constants
  try {
    // A pipe that nobody reads must fail, and not block a thread of the pool.
    return await open(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o640)
  } catch (error) {
    throw new UsageError(
      `access log: cannot write ${path}: ${(error as Error).message}`,
      'name a file in a folder that exists and may be written to',
    )
  }
}

/** Appends as much of `bytes` as it can, and gives how many that were. */
async function append(file: FileHandle, bytes: Buffer): Promise<number> {
  let wrote = 0
  try {
    while (wrote < bytes.length) wrote += (await file.write(bytes, wrote)).bytesWritten
  } catch {
    // The disk is full, or the pipe: what is missing counts as dropped.
  }
  return wrote
}

const newline = 10

function linesIn(bytes: Buffer): number {
  let count = 0
  for (const octet of bytes) if (octet === newline) count++
  return count
}

function now(): string {
  return new Date().toISOString()
}

function lineOf(access: Access): string {
  return `${JSON.stringify({ ...access, time: new Date(access.time).toISOString() })}\n`
}
