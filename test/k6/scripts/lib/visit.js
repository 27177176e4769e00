import http from 'k6/http'
import { BASE } from './login.js'

export default (path) => http.get(BASE + path)
