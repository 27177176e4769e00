import { execFile } from 'node:child_process'
import { join } from 'node:path'

/** What a run of `lb` left. */
export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the build in `root`, which need not be ours, as a user would, to its end. */
export function runLb(root: string, ...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const command = [join(root, 'bin/run.js'), ...args]
    execFile(process.execPath, command, { maxBuffer: 2 ** 28 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    )
  })
}
