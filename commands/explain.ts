import { string } from '@oclif/core/args'
import { LbCommand } from '../src/cli/command.ts'
import { count, counts, seconds } from '../src/cli/flags.ts'

/** Shows an algorithm at work on a small example. */
export default class Explain extends LbCommand {
  static override summary = 'Show which backends an algorithm picks, and why, on a small example.'

  static override description =
    `The picks are those of the real code. Backends are numbered from 1. Requests do not end meanwhile, so that
what each pick adds in flight is there to see. Algorithms that hash get client addresses as keys.`

  static override examples = [
    {
      description: 'How smooth weighted round robin mixes',
      command: '<%= config.bin %> <%= command.id %> weighted --weights 5,1,1',
    },
    {
      description: 'With a backend down, and requests in flight',
      command:
        '<%= config.bin %> <%= command.id %> least-connections --weights 1,1,1 --down 2 --in-flight 3,1,2',
    },
    {
      description: 'With latencies that were measured',
      command: '<%= config.bin %> <%= command.id %> peak-ewma --weights 1,1 --latency 10ms,80ms',
    },
  ]

  static override args = {
    algorithm: string({ description: 'The algorithm.', required: true }),
  }

  static override flags = {
    weights: counts({
      min: 0,
      summary: 'Weight of each backend; as many as there are backends.',
      helpValue: 'N,…',
      default: [5, 1, 1],
    }),
    down: counts({ min: 0, summary: 'Backends that are down, from 1.', helpValue: 'N,…' }),
    'in-flight': counts({
      min: 0,
      summary: 'Requests in flight to each backend.',
      helpValue: 'N,…',
    }),
    latency: seconds({
      ...{ multiple: true, multipleNonGreedy: true, delimiter: ',' },
      allowZero: true,
      summary: 'How long each backend took to answer; 0 where it never did.',
      helpValue: 'TIME,…',
    }),
    picks: count({ summary: 'Requests to place.', helpValue: 'N', default: 7 }),
    seed: count({ summary: 'Seed of what is drawn at random.', helpValue: 'N', default: 1 }),
  }

  async run() {
    const { args, flags } = await this.parse(Explain)
    const { explain } = await import('../src/app/explain.ts')
    return explain(args.algorithm, flags, this.invocation(flags))
  }
}
