import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../kit/errors.ts'

/** A temporary directory for configurations and logs; removed when it goes out of scope, unless it is kept. */
export interface TempDir extends AsyncDisposable {
  readonly path: string
  /** Keeps the directory: something in it explains a failure. */
  keep(): void
}

/**
 * Makes a temporary directory in the system's directory for them.
 *
 * @throws {UsageError} that directory does not exist, cannot be written, or is full
 */
export async function openTempDir(): Promise<TempDir> {
  const path = await mkdtemp(join(tmpdir(), 'lb-')).catch((cause) => {
    throw new UsageError(
      `cannot create a temporary directory in ${tmpdir()} (${cause.code})`,
      'set TMPDIR to a directory with write permission and free space',
      { cause },
    )
  })
  let kept = false
  return {
    path,
    keep() {
      kept = true
    },
    async [Symbol.asyncDispose]() {
      if (!kept) await rm(path, { recursive: true, force: true })
    },
  }
}
