import { invalidField } from '@twite/contract';

// The most common passwords that meet the minimum length; shorter ones are refused by length. Source: the tops of
// public lists of leaked passwords. Compared in lower case.
const common = new Set(
  `1234567890 12345678910 123456789a 123456789q 0123456789 9876543210 0987654321 1111111111 0000000000 1234512345
  1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4t5 q1w2e3r4t5y6 1qaz2wsx3edc qazwsxedcrfv qazwsxedc1 zaq12wsxcde3 1qazxsw23edc
  qwertyuiop qwertyuiop1 qwertyuiop123 qwerty1234 qwerty12345 qwerty123456 qwerty123! qwertyuiopasdfghjkl
  asdfghjkl1 asdfghjkl; asdfghjkl123 zxcvbnm123 zxcvbnm,./ asdfasdfasdf qweqweqwe1 qweasdzxc1 qweasdzxc123
  password12 password123 password1234 password12345 password123! password01 password1! passw0rd123 p@ssw0rd123
  p@ssword123 passwordpassword mypassword mypassword1 mypassword123 newpassword newpassword1 password2020
  password2021 password2022 password2023 password2024 password2025 password2026 changeme123 changemenow
  letmein123 letmein1234 letmeinnow welcome123 welcome1234 welcome123! iloveyou12 iloveyou123 iloveyou1234
  iloveyouso iloveyou!! trustno1234 sunshine123 princess123 football123 baseball123 superman123 batman1234
  dragon12345 monkey12345 master12345 shadow12345 michael123 charlie123 jessica123 ashley1234 whatever123
  starwars123 pokemon123 liverpool1 liverpool123 manchester manchesterunited chelsea123 barcelona1 realmadrid
  administrator administrator1 admin12345 admin123456 adminadmin adminadmin1 rootroot12 toortoor12 root123456
  test123456 testtest12 testtest123 testing1234 guest12345 default123 secret1234 secret12345 supersecret
  correcthorsebatterystaple computer123 internet123 samsung123 google1234 facebook123 twitter123 minecraft1
  abcdefghij abcdefghijk abcd123456 abc1234567 abc123abc123 abcabcabc1 a1b2c3d4e5 a1b2c3d4e5f6 aa12345678 a123456789
  q123456789 1a2b3c4d5e 123qweasdzxc 123qwe123qwe 123123123a 1231231231 123321123321 112233445566 1122334455
  121212121212 147258369a 147258369147 159357159357 789456123a 987654321a 11223344556677 13579246810 twitetwite twite12345`
    .split(/\s+/)
    .filter(Boolean),
);

const isRepeated = (password: string): boolean => /^(.{1,3})\1+$/su.test(password);

/**
 * Throws `invalid_input` for passwords that attackers try first: common ones, one to three characters repeated, the
 * handle.
 */
export function rejectCommonPassword(field: string, password: string, handle: string): void {
  const lower = password.toLowerCase();
  if (common.has(lower) || isRepeated(lower) || lower === handle.toLowerCase()) {
    throw invalidField(
      field,
      'common_password',
      'is a common password that is easy to guess; choose a longer or less common one',
    );
  }
}
