import http from 'k6/http';
import { SharedArray } from 'k6/data';

const users = new SharedArray('users', function () {
  return JSON.parse(open('./users.json')).users;
});

export default function () {
  const user = users[__ITER % users.length];
  http.post('http://shop.test/login', JSON.stringify(user));
}
