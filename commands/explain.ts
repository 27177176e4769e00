import { string } from '@oclif/core/args'
import { LbCommand } from '../src/cli/command.ts'
import { count, counts, seconds } from '../src/cli/flags.ts'
import { bounds } from '../src/kit/bounds.ts'

/** Shows an algorithm at work on a small example. */
export default class Explain extends LbCommand {
  static override summary = 'Show which backends an algorithm picks, and why, on a small example.'

  static override description =
    `Runs the real algorithm. Backends are numbered from 1. No request completes during the example, so that each
pick adds one request in flight. Hash algorithms get client addresses as keys.`

  static override examples = [
    {
      description: 'The order of smooth weighted round robin',
      command: '<%= config.bin %> <%= command.id %> weighted --weights 5,1,1',
    },
    {
      description: 'With a backend down, and requests in flight',
      command:
        '<%= config.bin %> <%= command.id %> least-connections --weights 1,1,1 --down 2 --in-flight 3,1,2',
    },
    {
      description: 'With measured latencies',
      command: '<%= config.bin %> <%= command.id %> peak-ewma --weights 1,1 --latency 10ms,80ms',
    },
  ]

  static override args = {
    algorithm: string({ description: 'Name or alias of the algorithm.', required: true }),
  }

  static override flags = {
    weights: counts({
      max: bounds.weight,
      min: 0,
      summary: 'Weight of each backend; sets the number of backends.',
      helpValue: 'N,…',
      default: [5, 1, 1],
    }),
    down: counts({
      max: bounds.backends,
      min: 0,
      summary: 'Numbers of the backends that are down.',
      helpValue: 'N,…',
    }),
    'in-flight': counts({
      max: bounds.concurrency,
      min: 0,
      summary: 'Requests in flight to each backend.',
      helpValue: 'N,…',
    }),
    latency: seconds({
      ...{ multiple: true, multipleNonGreedy: true, delimiter: ',' },
      allowZero: true,
      summary: 'Latency of each backend’s last response; 0: no response yet.',
      helpValue: 'TIME,…',
    }),
    picks: count({
      max: bounds.trials,
      summary: 'Number of requests.',
      helpValue: 'N',
      default: 7,
    }),
    seed: count({
      max: Number.MAX_SAFE_INTEGER,
      summary: 'Random seed.',
      helpValue: 'N',
      default: 1,
    }),
  }

  async run() {
    const { args, flags } = await this.parse(Explain)
    const { explain } = await import('../src/app/explain.ts')
    return explain(args.algorithm, flags, this.invocation(flags))
  }
}
