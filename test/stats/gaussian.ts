export { gaussian } from '../../src/kit/gaussian.ts'
