import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for generated configurations and logs; gone when it goes out of scope, unless it is kept. */
export interface TempDir extends AsyncDisposable {
  readonly path: string
  /** Leaves the folder where it is: something in it explains a failure. */
  keep(): void
}

/** Makes a scratch folder among the system's temporary files. */
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
