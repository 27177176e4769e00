import { reports } from '../../reports/formats/index.ts'

/** The format that the extension of a file names; JSON without one. */
export function outputFormat(file: string): string {
  return reports.find(({ extension }) => file.endsWith(extension))?.format ?? 'json'
}
