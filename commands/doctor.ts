import { string as argument } from '@oclif/core/args'
import { boolean, string } from '@oclif/core/flags'
import { LbCommand } from '../src/cli/command.ts'
import { count, name, rate } from '../src/cli/flags.ts'
import { bounds } from '../src/kit/bounds.ts'

/** Finds what is wrong with a host, a result or a running balancer. */
export default class Doctor extends LbCommand {
  static override summary =
    'Find what is wrong: with this host for a run, with a result, or with a running balancer.'

  static override description = [
    'Without an argument, or with a scenario, checks this host for a run of these connections and this rate: limits that make it fail, and what disturbs it.',
    'With a result, follows a decision tree from each symptom (errors, latency, a plateau, uneven shares, CPU, memory) over its figures.',
    'With a URL, looks at a running balancer with fewer than 30 short connections, and at the metrics of its admin port.',
    'Changes nothing: it prints the command that would, and the one that checks it again.',
  ].join(' ')

  static override examples = [
    {
      description: 'Check this host for a run of 5,000 connections',
      command: '<%= config.bin %> <%= command.id %> --connections 5000 --backends 3',
    },
    {
      description: 'Check it for a scenario',
      command: '<%= config.bin %> <%= command.id %> default',
    },
    {
      description: 'Look for symptoms in a result',
      command: '<%= config.bin %> <%= command.id %> result.json',
    },
    {
      description: 'Look for symptoms in the last run',
      command: '<%= config.bin %> <%= command.id %> --last',
    },
    {
      description: 'Look at a running balancer, from outside and at its admin port',
      command:
        '<%= config.bin %> <%= command.id %> http://127.0.0.1:8080/ --admin http://127.0.0.1:18701',
    },
  ]

  static override args = {
    subject: argument({
      description:
        'Result of "lb bench" or "lb load" (.json), URL of a running balancer, or scenario to check this host for (default: a run as the flags describe it).',
    }),
  }

  static override flags = {
    admin: string({
      helpGroup: 'TARGET',
      summary:
        'Address of the admin port of a running "lb serve", whose metrics are examined as well.',
      helpValue: 'URL',
    }),
    last: boolean({ summary: 'Examine the last run of this project (.lb/last.json).' }),
    connections: count({
      helpGroup: 'LOAD',
      max: bounds.connections,
      summary: 'Connections at once (default: those of the scenario, or 40).',
      helpValue: 'N',
    }),
    rate: rate({
      helpGroup: 'LOAD',
      summary: 'Requests per second (default: the rate of the scenario).',
      helpValue: 'REQ/S',
    }),
    backends: count({
      helpGroup: 'LOAD',
      max: bounds.backends,
      summary:
        'Backends, each a destination with ports of its own (default: those of the scenario, or 3).',
      helpValue: 'N',
    }),
    'keep-alive': boolean({
      helpGroup: 'LOAD',
      summary: 'Connections serve many requests; --no-keep-alive: one each.',
      allowNo: true,
      default: true,
    }),
    format: name({
      helpGroup: 'OUTPUT',
      char: 'f',
      noun: 'format',
      choices: async () => (await import('../reports/commands/doctor-formats.ts')).doctorFormats,
      summary: 'Format: table, markdown or json.',
      helpValue: 'NAME',
      default: 'table',
    }),
    fail: boolean({
      helpGroup: 'GATE',
      summary: 'Exit with 99 if something is bad.',
    }),
  }

  async run() {
    const { args, flags } = await this.parse(Doctor)
    const { doctor } = await import('../src/app/doctor.ts')
    return doctor(args.subject, flags, this.invocation(flags))
  }
}
