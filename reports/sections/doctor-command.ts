import { shellLine } from '../../src/kit/command-line.ts'

/** The command that looks for symptoms in a result file; without one, in the last run. */
export function doctorCommand(file: string | undefined): string {
  return shellLine(['lb', 'doctor', file ?? '--last'])
}
