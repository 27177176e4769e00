import { execFile } from 'node:child_process'
import { join } from 'node:path'

/** What a run of `lb` left. */
export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs the build in `root`, which need not be ours, as a user would, to its end. It knows of no noise floor, so
 * that δ is the least that there is, 3 %, whatever was stored on this host and when.
 */
export function runLb(root: string, ...args: string[]): Promise<Ran> {
  const env = { ...process.env, XDG_STATE_HOME: join(root, 'no-state') }
  return new Promise((resolve) => {
    const command = [join(root, 'bin/run.js'), ...args]
    execFile(process.execPath, command, { env, maxBuffer: 2 ** 28 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    )
  })
}
