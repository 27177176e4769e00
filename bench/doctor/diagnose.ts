import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { Diagnosis } from '../../src/result/diagnosis.ts'

const run = join(import.meta.dirname, '../../bin/run.js')

/** How `lb doctor` is started: the shell that has the fault, and variables. */
interface Around {
  /** Commands of a shell before it, joined by `&&`. */
  readonly shell?: readonly string[]
  /** Words in front of that shell: `unshare --net`. */
  readonly prefix?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

/** The diagnosis of `lb doctor` with these arguments, or the output of a command around it that failed. */
export function diagnose(
  args: readonly string[],
  { shell = [], prefix = [], env }: Around = {},
): Promise<Diagnosis | string> {
  const script = [...shell, 'exec "$@"'].join(' && ')
  const words = ['doctor', ...args, '--format', 'json']
  const [file = 'sh', ...rest] = [
    ...prefix,
    'sh',
    '-c',
    script,
    'sh',
    process.execPath,
    run,
    ...words,
  ]
  return new Promise((resolve) => {
    execFile(file, rest, { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout) as Diagnosis)
      } catch {
        resolve(stderr.trim().split('\n')[0] || error?.message || 'no output')
      }
    })
  })
}
