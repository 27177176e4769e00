import http from 'k6/http';
import { randomItem } from 'https://jslib.k6.io/k6-utils/1.4.0/index.js';

export default function () {
  http.get(randomItem(['http://shop.test/a', 'http://shop.test/b']));
}
