// Published vectors of Noise_XX_25519_AESGCM_SHA256, as the XX tests of Ockam (Rust and Elixir)
// have them; the first one is also in other libraries' tests, in the format of the vectors.txt of
// flynn/noise ("handshake=Noise_XX_25519_AESGCM_SHA256"), with its two transport messages.

export const KEYS = {
  initiatorStatic: '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
  initiatorEphemeral: '202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f',
  responderStatic: '0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20',
  responderEphemeral: '4142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f60',
} as const;

type Vector = {
  readonly name: string;
  /** Three handshake messages, and perhaps two of the transport (one of each side). */
  readonly messages: readonly { readonly payload: string; readonly ciphertext: string }[];
};

export const VECTORS: readonly Vector[] = [
  {
    name: 'empty payloads',
    messages: [
      {
        payload: '',
        ciphertext: '358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254',
      },
      {
        payload: '',
        ciphertext:
          '64b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d484665393019dbd6f438795da206db0886610b26108e424142c2e9b5fd1f7ea70cde8767ce62d7e3c0e9bcefe4ab872c0505b9e824df091b74ffe10a2b32809cab21f',
      },
      {
        payload: '',
        ciphertext:
          'e610eadc4b00c17708bf223f29a66f02342fbedf6c0044736544b9271821ae40e70144cecd9d265dffdc5bb8e051c3f83db32a425e04d8f510c58a43325fbc56',
      },
      {
        payload: '79656c6c6f777375626d6172696e65',
        ciphertext: '9ea1da1ec3bfecfffab213e537ed1791bfa887dd9c631351b3f63d6315ab9a',
      },
      {
        payload: '7375626d6172696e6579656c6c6f77',
        ciphertext: '217c5111fad7afde33bd28abaff3def88a57ab50515115d23a10f28621f842',
      },
    ],
  },
  {
    name: 'payloads from the first message on',
    messages: [
      {
        payload: '746573745f6d73675f30',
        ciphertext:
          '358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254746573745f6d73675f30',
      },
      {
        payload: '746573745f6d73675f31',
        ciphertext:
          '64b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d484665393019dbd6f438795da206db0886610b26108e424142c2e9b5fd1f7ea70cde8c9f29dcec8d3ab554f4a5330657867fe4917917195c8cf360e08d6dc5f71baf875ec6e3bfc7afda4c9c2',
      },
      {
        payload: '746573745f6d73675f32',
        ciphertext:
          'e610eadc4b00c17708bf223f29a66f02342fbedf6c0044736544b9271821ae40232c55cd96d1350af861f6a04978f7d5e070c07602c6b84d25a331242a71c50ae31dd4c164267fd48bd2',
      },
    ],
  },
];
