export { direct } from './direct.ts'
export { haproxy } from './haproxy.ts'
export { nginx } from './nginx.ts'
export { reference } from './reference.ts'
