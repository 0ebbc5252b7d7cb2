-- SAMPLE, broken on purpose: its third statement fails, after two that have changed the table.
ALTER TABLE permohonan ADD COLUMN pemohon text NOT NULL DEFAULT '';
UPDATE permohonan SET pemohon = nama;
ALTER TABLE permohonan ADD CONSTRAINT permohonan_short CHECK (length(no_such_column) < 3);
ALTER TABLE permohonan DROP COLUMN nama;
