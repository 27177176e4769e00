import { string as argument } from '@oclif/core/args'
import { boolean, string } from '@oclif/core/flags'
import { LbCommand } from '../src/cli/command.ts'
import { seconds, secondsNumber } from '../src/cli/flags.ts'
import { liveFlag, withLivePort } from '../src/cli/live-flag.ts'

/** Shows a running balancer. */
export default class Watch extends LbCommand {
  static override summary =
    'Watch a running balancer: the panels of its dashboard, without Grafana.'

  static override description = [
    'Reads the metrics of a reference balancer at its admin port and draws requests by status, latency, errors, CPU and event loop, memory, and connections:',
    'on a terminal full screen until q or Ctrl-C, elsewhere as a line per interval.',
    'Rates are over four intervals, as in the dashboard.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> <%= command.id %> http://127.0.0.1:18701',
    {
      description: 'The same panels in a browser',
      command: '<%= config.bin %> <%= command.id %> http://127.0.0.1:18701 --live',
    },
    {
      description: 'Print the figures of the next 4 seconds',
      command: '<%= config.bin %> <%= command.id %> --once',
    },
    {
      description: 'A line each 10 seconds, for an hour',
      command: '<%= config.bin %> <%= command.id %> --interval 10s --seconds 3600 > balancer.log',
    },
  ]

  static override args = {
    url: argument({
      description: 'Address of the admin port, as "lb serve --admin-port PORT" prints it.',
      default: 'http://127.0.0.1:18701',
    }),
  }

  static override flags = {
    interval: seconds({
      summary: 'Time between two readings.',
      helpValue: 'TIME',
      default: 1,
    }),
    seconds: secondsNumber({
      summary: 'End after so many seconds (default: at q or Ctrl-C).',
      helpValue: 'N',
    }),
    once: boolean({
      summary: 'Print the figures of four intervals, then exit.',
      exclusive: ['seconds', 'live'],
    }),
    live: liveFlag,
    'admin-token': string({
      summary: 'Bearer token for metrics that need one; prefer LB_ADMIN_TOKEN.',
      helpValue: 'TOKEN',
      env: 'LB_ADMIN_TOKEN',
    }),
  }

  async run() {
    const { args, flags } = await this.parse(Watch, withLivePort(this.argv))
    const { watch } = await import('../src/app/watch.ts')
    return watch(args.url, flags, this.invocation(flags))
  }
}
