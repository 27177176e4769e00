import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { which } from '../../../src/host/which.ts'

/** Things that must not outlive this process. */
interface LeftBehind {
  /** Names of network namespaces; what runs in them is killed. */
  readonly spaces: readonly string[]
  readonly folder: string
}

/** Waits for the end of its input; then kills until nothing runs in the namespaces, 5 s at most, and removes them and the folder. */
const script = `ip=$1 folder=$2
shift 2
running() { for space; do "$ip" netns pids "$space"; done; }
cat
tries=0
while pids=$(running "$@"); [ -n "$pids" ] && [ $tries -lt 100 ]; do
  kill -9 $pids
  tries=$((tries + 1))
  sleep 0.05
done
for space; do "$ip" netns del "$space"; done
rm -rf "$folder"
`

/**
 * Removes network namespaces and a folder when it is closed, or when this process ends: by an exception, by a signal, or by
 * SIGKILL. A shell in a session of its own does it, once the pipe from this process is closed.
 */
export function removeAtEnd({ spaces, folder }: LeftBehind): AsyncDisposable {
  const shell = spawn(
    'sh',
    ['-c', script, 'sh', which('ip') ?? 'ip', folder, ...spaces],
    // Namespaces that were not made yet are not there to be removed: ip says so.
    { stdio: ['pipe', 'ignore', 'ignore'], detached: true },
  )
  const ended = once(shell, 'exit')
  return {
    async [Symbol.asyncDispose]() {
      shell.stdin.end()
      await ended
    },
  }
}
