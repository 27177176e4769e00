import { execFile } from 'node:child_process'
import { join } from 'node:path'

/** The result of a run of `lb`. */
export interface LbResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs the build in `root` to its end, as a user would, with these variables added to the environment. Its state
 * folder is empty, so that no stored noise floor raises δ above its minimum of 3 %.
 */
export function runLb(
  root: string,
  args: readonly string[],
  variables: NodeJS.ProcessEnv = {},
): Promise<LbResult> {
  const env = { ...process.env, ...variables, XDG_STATE_HOME: join(root, 'no-state') }
  return new Promise((resolve) => {
    const command = [join(root, 'bin/run.js'), ...args]
    execFile(process.execPath, command, { env, maxBuffer: 2 ** 28 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    )
  })
}
