import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { killGroupAtExit } from '../../src/lab/process-group.ts'

/** Starts Node with these arguments. The process, with all that it starts, is killed when this one ends before it. */
export function spawnOwned(args: readonly string[], stdio: StdioOptions): ChildProcess {
  const child = spawn(process.execPath, args, { stdio, detached: true })
  if (child.pid !== undefined) child.once('exit', killGroupAtExit(child.pid))
  return child
}
