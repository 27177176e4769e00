import http from 'k6/http';

class Session {
  constructor() {
    this.token = http.post('http://shop.test/login').json('token');
  }
}

export default function () {
  new Session();
}
