--
-- PostgreSQL database dump
--

CREATE TABLE public.patients (
    id integer NOT NULL,
    uhid text,
    aadhaar text,
    patient_name character varying(80),
    dob date,
    mobile text
);

COPY public.patients (id, uhid, aadhaar, patient_name, dob, mobile) FROM stdin;
1	UH-20220000	502881636808	Ravi Nair	2001-05-05	9092007881
2	UH-20220001	458021999927	Asha Devi	1994-09-28	6821371981
\.

COPY public.drugs (id, name) FROM stdin;
1	Paracetamol
2	Amoxicillin
\.
