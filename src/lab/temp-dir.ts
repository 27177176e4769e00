import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A temporary directory for configurations and logs; removed when it goes out of scope, unless it is kept. */
export interface TempDir extends AsyncDisposable {
  readonly path: string
  /** Keeps the directory: something in it explains a failure. */
  keep(): void
}

/** Makes a temporary directory in the system's directory for them. */
export async function openTempDir(): Promise<TempDir> {
  const path = await mkdtemp(join(tmpdir(), 'lb-'))
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
