import { which } from '../host/which.ts'
import { UsageError } from '../kit/errors.ts'
import { agentCommand, type NodePaths } from './agent-command.ts'
import { startCarrier } from './carrier.ts'
import { frameReader, framesOf } from './frame.ts'
import type { AgentPort, Launched, Launcher } from './launcher.ts'
import type { FromAgent } from './messages.ts'

/** ssh(1) without questions, which notices within 4 s that its host does not respond. */
const ssh = [
  'ssh',
  '-T',
  ...[
    'BatchMode=yes',
    'ConnectTimeout=10',
    'ServerAliveInterval=1',
    'ServerAliveCountMax=3',
  ].flatMap((option) => ['-o', option]),
]

/** Hosts, and how they are reached. */
export interface SshOptions extends NodePaths {
  readonly hosts: readonly string[]
  /** The command in place of `ssh`, which gets the host and a command for its shell as further arguments. */
  readonly command?: readonly string[] | undefined
}

/** Agents on hosts, each in an ssh session of its own, whose end is the end of the agent. */
export function sshLauncher({ hosts, command = ssh, ...paths }: SshOptions): Launcher {
  // The host's shell splits it into words.
  const remote = [...agentCommand(paths), '0'].map(quoted).join(' ')
  return {
    readySeconds: 20,
    launch(): Launched {
      if (which(command[0] ?? '') === undefined) {
        throw new UsageError(
          `--engine ssh: ${command[0]} is not installed`,
          'install it (Debian: openssh-client)',
        )
      }
      const sessions = hosts.map((host) => startSession([...command, host, `exec ${remote}`], host))
      return {
        agents: sessions.map(({ port }) => port),
        stop: async () => void (await Promise.all(sessions.map(({ stop }) => stop()))),
      }
    },
  }
}

function startSession(
  command: readonly string[],
  host: string,
): { readonly port: AgentPort; stop(): Promise<void> } {
  let heard: (message: FromAgent) => void = () => {}
  const read = frameReader({})
  const carrier = startCarrier(command, {
    line(line) {
      const framed = read(line)
      if (framed !== undefined) heard(framed.message as FromAgent)
    },
  })
  const port: AgentPort = {
    node: host,
    send(message) {
      for (const line of framesOf(0, message)) carrier.write(line)
    },
    listen(listener) {
      heard = listener
    },
    ended: carrier.exited.then(({ code }) => endOf(code, carrier.complaint())),
  }
  return { port, stop: carrier.stop }
}

/** Why a session ended: 127 is the shell's exit code of a program that is not installed, 255 that of ssh itself. */
function endOf(code: number | null, complaint: string | undefined): string {
  const detail = complaint === undefined ? '' : ` (${complaint})`
  if (code === 127) return `has no such program${detail}`
  if (code === 255) return `cannot be reached, or its connection was cut${detail}`
  return code === null
    ? `was left by ssh${detail}`
    : `ended its agent with exit code ${code}${detail}`
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
