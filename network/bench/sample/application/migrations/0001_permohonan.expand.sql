-- SAMPLE. The table of the first version.
CREATE TABLE permohonan (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kunci text NOT NULL UNIQUE,
  nama text NOT NULL CHECK (nama <> ''),
  jenis text NOT NULL,
  diterima timestamptz NOT NULL DEFAULT now()
);
