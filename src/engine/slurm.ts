import { which } from '../host/which.ts'
import { UsageError } from '../kit/errors.ts'
import { agentCommand, type NodePaths } from './agent-command.ts'
import { type Carrier, startCarrier } from './carrier.ts'
import { frameReader, framesOf } from './frame.ts'
import type { AgentPort, Launched, Launcher } from './launcher.ts'
import type { FromAgent } from './messages.ts'

/** Seconds that Slurm may take to find free nodes. */
const immediateSeconds = 10

/** Nodes of a Slurm cluster. */
export interface SlurmOptions extends NodePaths {
  readonly nodes: number
  /** The command in place of `srun`, with options of the user, such as a partition. */
  readonly command?: readonly string[] | undefined
}

/**
 * Agents on nodes that Slurm chooses, by one `srun` with one task on each: inside an allocation (`salloc`) on nodes of it,
 * otherwise on whole nodes. Slurm ends them after their time, in minutes. Standard input goes to all of them.
 */
export function slurmLauncher({ nodes, command = ['srun'], ...paths }: SlurmOptions): Launcher {
  return {
    readySeconds: immediateSeconds + 10,
    launch(maxSeconds): Launched {
      if (which(command[0] ?? '') === undefined) {
        throw new UsageError(
          `--engine slurm: ${command[0]} is not installed`,
          'run lb on a host with the client of the cluster (Debian: slurm-client), or use --engine ssh',
        )
      }
      const tasks = Array.from({ length: nodes }, (_, i) => startTask(i))
      const read = frameReader({})
      const carrier = startCarrier(
        [...command, ...srunOptions(nodes, maxSeconds), ...agentCommand(paths)],
        {
          line(line) {
            // `--label` puts the number of the task in front.
            const framed = read(line.replace(/^\s*\d+: /, ''))
            if (framed !== undefined) tasks[framed.agent]?.heard(framed.message as FromAgent)
          },
          error(line) {
            for (const { number, reason } of lostTasks(line)) tasks[number]?.end(reason)
          },
        },
        // It ends its tasks at the second of two SIGINT.
        ['SIGINT', 'SIGINT', 'SIGKILL'],
      )
      void carrier.exited.then(({ code }) => {
        const reason = endOf(code, carrier)
        for (const task of tasks) task.end(reason)
      })
      return {
        agents: tasks.map((task) => task.portOn(carrier)),
        stop: carrier.stop,
      }
    },
  }
}

function srunOptions(nodes: number, maxSeconds: number): string[] {
  const isAllocated = process.env.SLURM_JOB_ID !== undefined
  return [
    ...[`--nodes=${nodes}`, `--ntasks=${nodes}`, '--ntasks-per-node=1', '--label', '--no-kill'],
    ...['--kill-on-bad-exit=0', '--wait=0', `--immediate=${immediateSeconds}`],
    `--time=${Math.ceil(maxSeconds / 60) + 1}`,
    ...(isAllocated ? ['--overlap'] : ['--exclusive', '--job-name=lb']),
  ]
}

/** A task of the job, and what is heard of it. */
function startTask(number: number) {
  const ended = Promise.withResolvers<string>()
  let heard: (message: FromAgent) => void = () => {}
  return {
    end: ended.resolve,
    heard: (message: FromAgent) => heard(message),
    portOn: ({ write }: Carrier): AgentPort => ({
      node: `task ${number}`,
      send(message) {
        for (const line of framesOf(number, message)) write(line)
      },
      listen(listener) {
        heard = listener
      },
      ended: ended.promise,
    }),
  }
}

/** The tasks that a line of srun reports as ended: `srun: error: n1: task 1: Killed`, `srun: error: n0: tasks 0-2: Exited with exit code 1`. */
export function lostTasks(
  line: string,
): readonly { readonly number: number; readonly reason: string }[] {
  const [, list, reason] = /: tasks? ([\d,-]+): (.+)$/.exec(line) ?? []
  if (list === undefined || reason === undefined) return []
  return list.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, i) => ({
      number: first + i,
      reason: `was ended (Slurm: ${reason.trim()})`,
    }))
  })
}

function endOf(code: number | null, carrier: Carrier): string {
  const last = carrier.complaint()?.replace(/^srun: (?:error: )?/, '')
  return `was ended with srun${code === null || code === 0 ? '' : `, exit code ${code}`}${
    last === undefined ? '' : ` (${last})`
  }`
}
